/** A slug as a sentence: "sections-without-room" reads "Sections without room". For names the message catalog does not know. */
export function sentenceOf(slug: string): string {
  const words = slug.replace(/[._-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
