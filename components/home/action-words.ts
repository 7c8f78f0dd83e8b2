import { sentenceOf } from "@/lib/words";
import type { MessageKey, Translate } from "@/lib/messages";

/** The stable names of the audit trail, as sentences. */
const WORDS: Readonly<Record<string, MessageKey>> = {
  "access.refused": "action.refused",
  "catalog.import": "action.catalogImport",
  "course.create": "action.courseCreate",
  "course.edit": "action.courseEdit",
  "demo.fill": "action.demoFill",
  "department.create": "action.departmentCreate",
  "department.edit": "action.departmentEdit",
  "password.issue-link": "action.passwordLink",
  "password.set": "action.passwordSet",
  "session.end-replayed": "action.sessionReplayed",
  "user.contact.edit": "action.contactEdit",
  "user.create": "action.userCreate",
};

export const wordsOfAction = (action: string, t: Translate): string => {
  const known = WORDS[action];
  return known ? t(known) : sentenceOf(action);
};
