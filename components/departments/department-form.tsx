"use client";
import { useState } from "react";
import { TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { FormActions } from "@/components/form/form-actions";
import { checked } from "@/components/form/checked";
import { textOf } from "@/components/form/form-data";
import { useGuardedClose } from "@/components/form/use-unsaved";
import { useSubmit } from "@/components/form/use-submit";
import { VersionConflict } from "@/components/form/version-conflict";
import { useT } from "@/components/layout/locale";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import { call } from "@/lib/api";
import { invalidate, remember } from "@/lib/data";
import { atField } from "@/lib/problem";
import { queries } from "@/lib/queries";
import {
  createDepartment,
  editDepartment,
  listCourses,
  listDepartments,
  type CreateDepartment as NewDepartment,
  type DepartmentDetail,
  type EditDepartment as DepartmentEdit,
} from "@/shared";

export function CreateDepartment({ onClose, onCreated }: { onClose: () => void; onCreated: (department: DepartmentDetail) => void }) {
  const t = useT();
  const close = useGuardedClose(onClose);
  const { pending, problem, submit, refuse } = useSubmit(
    (body: NewDepartment, idempotencyKey) => call(createDepartment, { body, idempotencyKey }),
    (department) => {
      invalidate(listDepartments);
      remember(queries.department(department.id), department);
      toast(t("departments.created", { name: department.name }));
      onCreated(department);
    },
  );
  return (
    <Dialog title={t("departments.create")} closeLabel={t("form.close")} onClose={close}>
      <Form
        pending={pending}
        problem={atField(problem, "department-code-taken", "/code")}
        onSubmit={(form) => {
          void checked("createDepartment", { code: textOf(form, "code").toUpperCase(), name: textOf(form, "name") }, submit, refuse);
        }}
      >
        <TextField
          label={t("courses.code")}
          name="code"
          maxLength={8}
          words={{ "wrong-form": "invalid.departmentCode", taken: "problem.departmentCodeTaken" }}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          required
          hint={t("departments.codeHint")}
        />
        <TextField label={t("departments.name")} name="name" maxLength={120} autoComplete="off" required />
        <FormActions pending={pending} label={t("departments.create")} onCancel={close} />
      </Form>
    </Dialog>
  );
}

export function EditDepartment({ department, onClose }: { department: DepartmentDetail; onClose: () => void }) {
  const t = useT();
  const close = useGuardedClose(onClose);
  const [base, setBase] = useState(department);
  const url = queries.department(department.id);
  const { pending, problem, submit, refuse, reset } = useSubmit(
    (body: DepartmentEdit, idempotencyKey) => call(editDepartment, { path: { id: department.id }, body, idempotencyKey }),
    (saved) => {
      remember(url, saved);
      invalidate(listDepartments, listCourses);
      toast(t("departments.saved", { name: saved.name }));
      onClose();
    },
  );
  return (
    <Dialog title={t("departments.edit", { code: department.code })} closeLabel={t("form.close")} onClose={close}>
      <Form
        pending={pending}
        problem={problem}
        onSubmit={(form) => {
          void checked("editDepartment", { name: textOf(form, "name"), version: base.version }, submit, refuse);
        }}
        conflict={
          <VersionConflict
            url={url}
            before={base}
            show={(one) => ({ [t("departments.name")]: one.name })}
            onRebase={(newer) => {
              setBase(newer);
              reset();
            }}
          />
        }
      >
        <TextField label={t("departments.name")} name="name" defaultValue={department.name} maxLength={120} required />
        <FormActions pending={pending} label={t("form.save")} onCancel={close} />
      </Form>
    </Dialog>
  );
}
