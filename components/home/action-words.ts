import { sentenceOf } from "@/lib/words";
import type { MessageKey, Translate } from "@/lib/messages";

/** Every action the server writes into the audit trail has words; a test holds this against the server's own list. */
export const ACTION_WORDS: Readonly<Record<string, MessageKey>> = {
  "access.refused": "action.accessRefused",
  "catalog.import": "action.catalogImport",
  "course.create": "action.courseCreate",
  "course.edit": "action.courseEdit",
  "demo.fill": "action.demoFill",
  "department.create": "action.departmentCreate",
  "department.edit": "action.departmentEdit",
  "password.issue-link": "action.passwordIssueLink",
  "password.set": "action.passwordSet",
  "session.end-replayed": "action.sessionEndReplayed",
  "session.renew": "action.sessionRenew",
  "session.sign-in": "action.signIn",
  "session.sign-out": "action.signOut",
  "session.sign-out-everywhere": "action.signOutEverywhere",
  "session.sweep": "action.sweep",
  "session.switch-role": "action.switchRole",
  "system.sweep": "action.sweep",
  "user.contact.edit": "action.contactEdit",
  "user.create": "action.userCreate",
};

/** A server newer than this page may know more: its name then reads as a sentence. */
export const wordsOfAction = (action: string, t: Translate): string => {
  const known = ACTION_WORDS[action];
  return known ? t(known) : sentenceOf(action);
};
