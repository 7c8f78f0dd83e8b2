"use client";
import { useState } from "react";
import { SelectField, TextareaField, TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { FormActions } from "@/components/form/form-actions";
import { checked, type Draft } from "@/components/form/checked";
import { textOf } from "@/components/form/form-data";
import { merged } from "@/components/form/merge";
import { useGuardedClose } from "@/components/form/use-unsaved";
import { useSubmit } from "@/components/form/use-submit";
import { VersionConflict } from "@/components/form/version-conflict";
import { useLocale, useT } from "@/components/layout/locale";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { call } from "@/lib/api";
import { invalidate, remember, useGet } from "@/lib/data";
import { formatCredits } from "@/lib/format";
import { idFrom } from "@/lib/ids";
import { atField } from "@/lib/problem";
import { queries } from "@/lib/queries";
import {
  createCourse,
  editCourse,
  getOverview,
  listCourses,
  listDepartments,
  type CourseDetail,
  type CreateCourse as NewCourse,
  type Credits,
  type DepartmentId,
  type EditCourse as CourseEdit,
} from "@/shared";
import { draftFrom, editableOf, EMPTY, type Editable } from "./course-draft";

function CourseFields({ initial }: { initial: Draft<Editable> }) {
  const t = useT();
  const [kind, setKind] = useState<Credits["kind"]>(initial.credits?.kind ?? "fixed");
  return (
    <>
      <TextField
        label={t("course.name")}
        name="title"
        defaultValue={initial.title}
        maxLength={200}
        words={{ "wrong-form": "invalid.title" }}
        required
      />
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
          words={{ required: "invalid.number", "wrong-type": "invalid.number" }}
          defaultValue={initial.credits?.min}
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
            words={{ required: "invalid.number", "wrong-type": "invalid.number" }}
            defaultValue={initial.credits?.max}
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
  onCreated: (course: CourseDetail) => void;
  departmentId?: DepartmentId;
}) {
  const t = useT();
  const close = useGuardedClose(onClose);
  const departments = useGet(queries.allDepartments());
  const [department, setDepartment] = useState<string>(departmentId ?? "");
  const { pending, problem, submit, refuse } = useSubmit(
    (body: NewCourse, idempotencyKey) => call(createCourse, { body, idempotencyKey }),
    (course) => {
      invalidate(listCourses, listDepartments, getOverview);
      remember(queries.course(course.id), course);
      toast(t("course.created", { code: course.code }));
      onCreated(course);
    },
  );
  const onSubmit = (form: FormData) => {
    const departmentId = idFrom<DepartmentId>(textOf(form, "departmentId")) || undefined;
    void checked("createCourse", { departmentId, number: textOf(form, "number").toUpperCase(), ...draftFrom(form) }, submit, refuse);
  };
  return (
    <Dialog title={t("courses.create")} closeLabel={t("form.close")} onClose={close} wide>
      <Form pending={pending} problem={atField(problem, "course-number-taken", "/number")} onSubmit={onSubmit}>
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-[2fr_1fr]">
          <SelectField
            label={t("courses.department")}
            name="departmentId"
            words={{ required: "invalid.department", "wrong-form": "invalid.department" }}
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
          <TextField
            label={t("course.number")}
            name="number"
            maxLength={10}
            words={{ "wrong-form": "invalid.courseNumber", taken: "problem.courseNumberTaken" }}
            autoCapitalize="characters"
            autoComplete="off"
            required
          />
        </div>
        <CourseFields initial={EMPTY} />
        <FormActions pending={pending} label={t("courses.create")} onCancel={close} />
      </Form>
    </Dialog>
  );
}

export function EditCourse({ course, onClose }: { course: CourseDetail; onClose: () => void }) {
  const t = useT();
  const close = useGuardedClose(onClose);
  const locale = useLocale();
  const [base, setBase] = useState(course);
  const [fields, setFields] = useState<Draft<Editable>>(() => editableOf(course));
  const { pending, problem, submit, refuse, reset } = useSubmit(
    (body: CourseEdit, idempotencyKey) => call(editCourse, { path: { id: course.id }, body, idempotencyKey }),
    (saved) => {
      remember(queries.course(course.id), saved);
      invalidate(listCourses);
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
    void checked("editCourse", { ...draftFrom(form), version: base.version }, submit, refuse);
  };
  const rebase = (newer: CourseDetail, form: FormData) => {
    setFields(merged<Draft<Editable>>(editableOf(base), draftFrom(form), editableOf(newer)));
    setBase(newer);
    reset();
  };
  return (
    <Dialog title={t("course.edit", { code: course.code })} closeLabel={t("form.close")} onClose={close} wide>
      <Form
        pending={pending}
        problem={problem}
        onSubmit={onSubmit}
        conflict={<VersionConflict url={queries.course(course.id)} before={base} show={show} onRebase={rebase} />}
      >
        <CourseFields key={base.version} initial={fields} />
        <FormActions pending={pending} label={t("form.save")} onCancel={close} />
      </Form>
    </Dialog>
  );
}
