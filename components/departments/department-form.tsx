"use client";
import { useState } from "react";
import { TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { FormActions } from "@/components/form/form-actions";
import { checked } from "@/components/form/checked";
import { textOf } from "@/components/form/form-data";
import { useSubmit } from "@/components/form/use-submit";
import { VersionConflict } from "@/components/form/version-conflict";
import { useT } from "@/components/layout/locale";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { call } from "@/lib/api";
import { invalidate, remember } from "@/lib/data";
import { atField } from "@/lib/problem";
import { queries } from "@/lib/queries";
import { bodies } from "@/shared/requests";
import type { Department } from "@/lib/api-types";

export function CreateDepartment({ onClose, onCreated }: { onClose: () => void; onCreated: (department: Department) => void }) {
  const t = useT();
  const { pending, problem, submit, refuse } = useSubmit(
    (body: { code: string; name: string }, idempotencyKey) => call<Department>("POST", "/api/v1/departments", { body, idempotencyKey }),
    (department) => {
      invalidate("/api/v1/departments");
      remember(queries.department(department.id), department);
      toast(t("departments.created", { name: department.name }));
      onCreated(department);
    },
  );
  return (
    <Dialog title={t("departments.create")} closeLabel={t("form.close")} onClose={onClose}>
      <Form
        pending={pending}
        problem={atField(problem, "department-code-taken", "/code")}
        onSubmit={(form) => {
          checked(bodies.createDepartment, { code: textOf(form, "code").toUpperCase(), name: textOf(form, "name") }, submit, refuse);
        }}
      >
        <TextField
          label={t("courses.code")}
          name="code"
          maxLength={8}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          required
          hint={t("departments.codeHint")}
        />
        <TextField label={t("departments.name")} name="name" maxLength={120} autoComplete="off" required />
        <FormActions pending={pending} label={t("departments.create")} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

export function EditDepartment({ department, onClose }: { department: Department; onClose: () => void }) {
  const t = useT();
  const [base, setBase] = useState(department);
  const url = queries.department(department.id);
  const { pending, problem, submit, refuse, reset } = useSubmit(
    (body: { name: string; version: number }, idempotencyKey) => call<Department>("PATCH", url, { body, idempotencyKey }),
    (saved) => {
      remember(url, saved);
      invalidate("/api/v1/departments", "/api/v1/courses");
      toast(t("departments.saved", { name: saved.name }));
      onClose();
    },
  );
  const conflict = problem?.slug === "version-conflict";
  return (
    <Dialog title={t("departments.edit", { code: department.code })} closeLabel={t("form.close")} onClose={onClose}>
      <Form
        pending={pending}
        problem={conflict ? undefined : problem}
        onSubmit={(form) => {
          checked(bodies.editDepartment, { name: textOf(form, "name"), version: base.version }, submit, refuse);
        }}
      >
        {conflict ? (
          <VersionConflict
            url={url}
            before={base}
            show={(one: Department) => ({ [t("departments.name")]: one.name })}
            onRebase={(newer) => {
              setBase(newer);
              reset();
            }}
          />
        ) : null}
        <TextField label={t("departments.name")} name="name" defaultValue={department.name} maxLength={120} required />
        <FormActions pending={pending} label={t("form.save")} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
