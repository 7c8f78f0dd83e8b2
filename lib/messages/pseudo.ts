import type { Part } from "./icu";

const FROM = "aceinoruyACEINORUY";
const TO = "áçéíñóŕúýÁÇÉÍÑÓŔÚÝ";

/** Accents every letter it can and lengthens by about a third: shows text that bypasses the catalog, and boxes too tight for other languages. */
export function accent(message: readonly Part[]): readonly Part[] {
  return message.map((part) => {
    if (typeof part === "string") {
      const accented = Array.from(part, (letter) => TO[FROM.indexOf(letter)] ?? letter).join("");
      return part.trim().length > 3 ? accented + "·".repeat(Math.ceil(part.length / 3)) : accented;
    }
    if (part.type === "value") return part;
    return { ...part, options: Object.fromEntries(Object.entries(part.options).map(([key, inner]) => [key, accent(inner)])) };
  });
}
