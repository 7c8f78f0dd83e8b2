/** The text of a form's control, trimmed; a password is `raw`. */
export function textOf(form: FormData, name: string, { raw = false } = {}): string {
  const value = form.get(name);
  const text = typeof value === "string" ? value : "";
  return raw ? text : text.trim();
}
