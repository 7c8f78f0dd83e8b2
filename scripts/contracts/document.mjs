/** What the generators share: walking the document, and the few shapes a schema may have. */

export const HEADER = "// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.\n";

/** Every operation, sorted by its id. */
export function operations(document) {
  const found = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      found.push({ ...operation, path, method: method.toUpperCase() });
    }
  }
  return found.sort((a, b) => (a.operationId < b.operationId ? -1 : 1));
}

/** The schema of an operation's JSON body, or undefined. */
export const bodySchema = (operation) => operation.requestBody?.content?.["application/json"]?.schema;

/** The schema of what is JSON in a request: the body, or the part of a form that says so. */
export function jsonSchema(operation) {
  const form = operation.requestBody?.content?.["multipart/form-data"];
  const part = Object.entries(form?.encoding ?? {}).find(([, { contentType }]) => contentType === "application/json")?.[0];
  return part ? form.schema.properties[part] : bodySchema(operation);
}

/** The schema of its successful answer, or undefined when it says nothing. */
export function answerSchema(operation) {
  const status = Object.keys(operation.responses).find((code) => code.startsWith("2"));
  return operation.responses[status]?.content?.["application/json"]?.schema;
}

export const nameOf = (reference) => reference.replace("#/components/schemas/", "");

/** A name that is a key without quotes, or with. */
export const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/**
 * Splits `null` off a schema: `type: ["string", "null"]` and `anyOf: [x, {type: "null"}]` are what a nullable value looks like.
 */
export function nullable(schema) {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== "null");
    if (types.length !== 1) throw new Error(`several types in one schema: ${JSON.stringify(schema)}`);
    const { enum: members, ...rest } = schema;
    const plain = members ? { ...rest, enum: members.filter((member) => member !== null) } : rest;
    return { inner: { ...plain, type: types[0] }, isNullable: types.length < schema.type.length };
  }
  const { anyOf, ...rest } = schema;
  if (anyOf?.length === 2 && anyOf[1].type === "null") return { inner: { ...rest, ...anyOf[0] }, isNullable: true };
  return { inner: schema, isNullable: false };
}

/** A comment that shows up in editors. */
export function comment(text, indent = "") {
  if (!text) return "";
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}
