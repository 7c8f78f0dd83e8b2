import en from "./en.json" with { type: "json" };

/**
 * The words of `app/global-error.tsx`, put into the program when it is built (`next.config.ts`): every page carries that file, and should not
 * carry the whole catalog a second time for it.
 */
export const CRASH_WORDS = {
  CRASH_TITLE: en["crash.title"],
  CRASH_TEXT: en["crash.whole"],
  CRASH_RELOAD: en["crash.reload"],
};
