/** The text of a form's control, trimmed; a password is `raw`. */
export function textOf(form: FormData, name: string, { raw = false } = {}): string {
  const value = form.get(name);
  const text = typeof value === "string" ? value : "";
  return raw ? text : text.trim();
}

/** The number in a form's control; undefined when none was typed. */
export function numberOf(form: FormData, name: string): number | undefined {
  const text = textOf(form, name);
  return text === "" ? undefined : Number(text);
}
