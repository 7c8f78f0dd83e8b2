import { sentenceOf } from "@/lib/words";
import type { MessageKey, Translate } from "@/lib/messages";

const WORDS: Readonly<Record<string, MessageKey>> = {
  "session.sign-in": "action.signIn",
  "course.create": "action.courseCreate",
  "course.update": "action.courseUpdate",
  "department.create": "action.departmentCreate",
  "department.update": "action.departmentUpdate",
  "catalog.import": "action.catalogImport",
  "user.export": "action.userExport",
};

export const wordsOfAction = (action: string, t: Translate): string => {
  const known = WORDS[action];
  return known ? t(known) : sentenceOf(action);
};
