"use client";
import { useRef, useState } from "react";
import { SelectField, TextareaField, TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { FormActions } from "@/components/form/form-actions";
import { textOf } from "@/components/form/form-data";
import { merged } from "@/components/form/merge";
import { useSubmit } from "@/components/form/use-submit";
import { VersionConflict } from "@/components/form/version-conflict";
import { useLocale, useT } from "@/components/layout/locale";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { call } from "@/lib/api";
import { invalidate, remember, useGet } from "@/lib/data";
import { formatCredits } from "@/lib/format";
import { atField } from "@/lib/problem";
import { queries } from "@/lib/queries";
import type { Course, CourseEdit, Credits, DepartmentRow, NewCourse, Page } from "@/lib/api-types";

type Editable = Omit<CourseEdit, "version">;

const EMPTY: Editable = { title: "", description: "", credits: { kind: "fixed", min: 3, max: 3 }, attributes: "" };

const editableOf = ({ title, description, credits: { kind, min, max }, attributes }: Course): Editable => ({
  title,
  description,
  credits: { kind, min, max },
  attributes,
});

function editableFrom(form: FormData): Editable {
  const kind = textOf(form, "kind") as Credits["kind"];
  const min = Number(form.get("min"));
  return {
    title: textOf(form, "title"),
    description: textOf(form, "description"),
    attributes: textOf(form, "attributes"),
    credits: { kind, min, max: kind === "fixed" ? min : Number(form.get("max")) },
  };
}

function CourseFields({ initial }: { initial: Editable }) {
  const t = useT();
  const [kind, setKind] = useState(initial.credits.kind);
  return (
    <>
      <TextField label={t("course.name")} name="title" defaultValue={initial.title} maxLength={200} required />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <SelectField
          label={t("course.creditsKind")}
          name="kind"
          pointer="/credits/kind"
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as Credits["kind"]);
          }}
        >
          <option value="fixed">{t("course.creditsFixed")}</option>
          <option value="range">{t("course.creditsRange")}</option>
          <option value="choice">{t("course.creditsChoice")}</option>
        </SelectField>
        <TextField
          label={t(kind === "fixed" ? "courses.credits" : kind === "range" ? "course.creditsFrom" : "course.creditsEither")}
          name="min"
          pointer="/credits/min"
          type="number"
          inputMode="decimal"
          min={0}
          max={100}
          step={0.25}
          defaultValue={initial.credits.min}
          required
        />
        {kind === "fixed" ? null : (
          <TextField
            label={t(kind === "range" ? "course.creditsTo" : "course.creditsOr")}
            name="max"
            pointer="/credits/max"
            type="number"
            inputMode="decimal"
            min={0}
            max={100}
            step={0.25}
            defaultValue={initial.credits.max}
            required
          />
        )}
      </div>
      <TextareaField label={t("course.description")} name="description" rows={6} defaultValue={initial.description} maxLength={8000} />
      <TextareaField
        label={t("course.attributes")}
        name="attributes"
        rows={2}
        defaultValue={initial.attributes}
        maxLength={2000}
        hint={t("course.attributesHint")}
      />
    </>
  );
}

export function CreateCourse({
  onClose,
  onCreated,
  departmentId,
}: {
  onClose: () => void;
  onCreated: (course: Course) => void;
  departmentId?: string;
}) {
  const t = useT();
  const departments = useGet<Page<DepartmentRow>>(queries.allDepartments());
  const [department, setDepartment] = useState(departmentId ?? "");
  const { pending, problem, submit } = useSubmit(
    (body: NewCourse, idempotencyKey) => call<Course>("POST", "/api/v1/courses", { body, idempotencyKey }),
    (course) => {
      invalidate("/api/v1/courses", "/api/v1/departments", "/api/v1/overview");
      remember(queries.course(course.id), course);
      toast(t("course.created", { code: course.code }));
      onCreated(course);
    },
  );
  const onSubmit = (form: FormData) => {
    submit({ departmentId: textOf(form, "departmentId"), number: textOf(form, "number").toUpperCase(), ...editableFrom(form) });
  };
  return (
    <Dialog title={t("courses.create")} closeLabel={t("form.close")} onClose={onClose} wide>
      <Form pending={pending} problem={atField(problem, "course-number-taken", "/number")} onSubmit={onSubmit}>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-[2fr_1fr]">
          <SelectField
            label={t("courses.department")}
            name="departmentId"
            value={department}
            onChange={(event) => {
              setDepartment(event.target.value);
            }}
            required
          >
            <option value="" disabled>
              {t("course.pickDepartment")}
            </option>
            {departments.data?.items.map(({ id, code, name }) => (
              <option key={id} value={id}>
                {code === name ? code : `${code}  ${name}`}
              </option>
            ))}
          </SelectField>
          <TextField label={t("course.number")} name="number" maxLength={10} autoCapitalize="characters" autoComplete="off" required />
        </div>
        <CourseFields initial={EMPTY} />
        <FormActions pending={pending} label={t("courses.create")} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

export function EditCourse({ course, onClose }: { course: Course; onClose: () => void }) {
  const t = useT();
  const locale = useLocale();
  const [base, setBase] = useState(course);
  const [fields, setFields] = useState(() => editableOf(course));
  const typed = useRef(fields);
  const { pending, problem, submit, reset } = useSubmit(
    (body: CourseEdit, idempotencyKey) => call<Course>("PATCH", queries.course(course.id), { body, idempotencyKey }),
    (saved) => {
      remember(queries.course(course.id), saved);
      invalidate("/api/v1/courses");
      toast(t("course.saved", { code: saved.code }));
      onClose();
    },
  );
  const show = (one: Editable) => ({
    [t("course.name")]: one.title,
    [t("courses.credits")]: formatCredits(t, one.credits, locale),
    [t("course.description")]: one.description,
    [t("course.attributes")]: one.attributes,
  });
  const onSubmit = (form: FormData) => {
    typed.current = editableFrom(form);
    submit({ ...typed.current, version: base.version });
  };
  const rebase = (newer: Course) => {
    setFields(merged(editableOf(base), typed.current, editableOf(newer)));
    setBase(newer);
    reset();
  };
  return (
    <Dialog title={t("course.edit", { code: course.code })} closeLabel={t("form.close")} onClose={onClose} wide>
      <Form pending={pending} problem={problem?.slug === "version-conflict" ? undefined : problem} onSubmit={onSubmit}>
        {problem?.slug === "version-conflict" ? (
          <VersionConflict url={queries.course(course.id)} before={base} show={show} onRebase={rebase} />
        ) : null}
        <CourseFields key={base.version} initial={fields} />
        <FormActions pending={pending} label={t("form.save")} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
