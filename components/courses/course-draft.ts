import { numberOf, textOf } from "@/components/form/form-data";
import type { Draft } from "@/components/form/checked";
import type { CourseDetail, Credits, EditCourse } from "@/shared";

export type Editable = Omit<EditCourse, "version">;

export const EMPTY: Editable = { title: "", description: "", credits: { kind: "fixed", min: 3, max: 3 }, attributes: "" };

export const editableOf = ({ title, description, credits: { kind, min, max }, attributes }: CourseDetail): Editable => ({
  title,
  description,
  credits: { kind, min, max },
  attributes,
});

/**
 * What stands in the form. A number that is not filled in is left out: it is not zero. (A fixed number is asked
 * for once, so it is missing once.)
 */
export function draftFrom(form: FormData): Draft<Editable> {
  const kind = textOf(form, "kind") as Credits["kind"];
  const min = numberOf(form, "min");
  return {
    title: textOf(form, "title"),
    description: textOf(form, "description"),
    attributes: textOf(form, "attributes"),
    credits: { kind, min, max: kind === "fixed" ? (min ?? 0) : numberOf(form, "max") },
  };
}
