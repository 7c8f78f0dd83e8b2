// Generated from shared/openapi.json by `npm run contracts`. Never edited by hand.
import * as z from "zod/mini";

// The page's policy forbids eval; Zod must not even probe for it.
z.config({ jitless: true });

const codePoints = (text: string): number => Array.from(text).length;
const atLeast = (min: number) => z.refine<string>((text) => codePoints(text) >= min, "too-short");
const atMost = (max: number) => z.refine<string>((text) => codePoints(text) <= max, "too-long");
const form = (pattern: RegExp) => z.refine<string>((text) => pattern.test(text), "wrong-form");
// Half a character can't be sent as JSON.
const whole = z.refine<string>((text) => !/\p{Surrogate}/u.test(text), "wrong-form");
// The pattern says what a date looks like; this, which days there are.
const day = z.refine<string>((text) => {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}, "wrong-form");

/** How the two values of [`Credits`] are meant. */
export const CreditsKind = z.enum(["fixed","range","choice"]);

/** Credit hours a course earns. */
export const Credits = z.strictObject({
  kind: CreditsKind,
  max: z.number().check(z.gte(0, "too-small"), z.lte(100, "too-large")),
  min: z.number().check(z.gte(0, "too-small"), z.lte(100, "too-large")),
});

export const DepartmentId = z.string().check(form(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u), whole);

export const CreateCourse = z.strictObject({
  attributes: z.string().check(atMost(2000), form(/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$/u), whole),
  credits: Credits,
  departmentId: DepartmentId,
  description: z.string().check(atMost(8000), form(/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$/u), whole),
  number: z.string().check(atMost(10), form(/^[0-9A-Z][0-9A-Z.-]{0,9}$/u), whole),
  title: z.string().check(atLeast(1), atMost(200), form(/^[^\x00-\x20\x7f\xa0]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?$/u), whole),
});

export const CreateDepartment = z.strictObject({
  code: z.string().check(atMost(8), form(/^[A-Z][A-Z0-9&]{0,7}$/u), whole),
  name: z.string().check(atLeast(1), atMost(120), form(/^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$/u), whole),
});

export const EditCourse = z.strictObject({
  attributes: z.string().check(atMost(2000), form(/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$/u), whole),
  credits: Credits,
  description: z.string().check(atMost(8000), form(/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$/u), whole),
  title: z.string().check(atLeast(1), atMost(200), form(/^[^\x00-\x20\x7f\xa0]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?$/u), whole),
  version: z.int().check(z.gte(1, "too-small"), z.lte(2147483647, "too-large")),
});

export const EditDepartment = z.strictObject({
  name: z.string().check(atLeast(1), atMost(120), form(/^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$/u), whole),
  version: z.int().check(z.gte(1, "too-small"), z.lte(2147483647, "too-large")),
});

/** One part of term, inside the term's dates. */
export const PartDates = z.strictObject({
  code: z.string().check(atLeast(1), atMost(10), form(/^[^\x00-\x20\x7f\xa0]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?$/u), whole),
  endsOn: z.string().check(form(/^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/u), day, whole),
  startsOn: z.string().check(form(/^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/u), day, whole),
});

/** Name and dates of the term the file is about. An existing term of the same code takes them over. */
export const ImportParams = z.strictObject({
  endsOn: z.string().check(form(/^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/u), day, whole),
  parts: z.optional(z.array(PartDates).check(z.maxLength(50, "too-long"))),
  startsOn: z.string().check(form(/^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/u), day, whole),
  termName: z.string().check(atLeast(1), atMost(60), form(/^[^\x00-\x20\x7f\xa0]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?$/u), whole),
});

export const PutContact = z.strictObject({
  personalEmail: z.nullable(z.string().check(atMost(254), form(/^[^\x00-\x20\x7f\xa0@]+@[^\x00-\x20\x7f\xa0@]+$/u), whole)),
  phone: z.nullable(z.string().check(atMost(32), form(/^[+(]?[0-9][0-9 ()./-]{3,30}$/u), whole)),
  version: z.int().check(z.gte(0, "too-small"), z.lte(2147483647, "too-large")),
});

/** Left out by browsers, whose cookie carries the token. */
export const RefreshRequest = z.strictObject({
  refreshToken: z.string().check(atLeast(48), atMost(48), form(/^pecr_[A-Za-z0-9_-]{43}$/u), whole),
});

export const SetPasswordRequest = z.strictObject({
  password: z.string().check(atLeast(8), atMost(128), form(/^[^\x00-\x1f\x7f]*$/u), whole),
  token: z.string().check(atLeast(48), atMost(48), form(/^pecl_[A-Za-z0-9_-]{43}$/u), whole),
});

export const SignInRequest = z.strictObject({
  email: z.string().check(atLeast(3), atMost(254), form(/^[^\x00-\x20\x7f\xa0@]+@[^\x00-\x20\x7f\xa0@]+$/u), whole),
  password: z.string().check(atLeast(1), atMost(128), form(/^[^\x00-\x1f\x7f]*$/u), whole),
});

/** The three roles. Everything finer is a scoped duty on one of them. */
export const Role = z.enum(["student","faculty","admin"]);

export const SwitchRoleRequest = z.strictObject({
  role: Role,
});

/** The body of each operation that takes one; of a form, its JSON part. */
export const bodies = {
  createCourse: CreateCourse,
  createDepartment: CreateDepartment,
  editCourse: EditCourse,
  editDepartment: EditDepartment,
  importCatalog: ImportParams,
  putMyContact: PutContact,
  refreshSession: RefreshRequest,
  setPassword: SetPasswordRequest,
  signIn: SignInRequest,
  switchRole: SwitchRoleRequest,
};
