"use client";
import { useState } from "react";
import { checked } from "@/components/form/checked";
import { TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { merged } from "@/components/form/merge";
import { textOf } from "@/components/form/form-data";
import { SubmitButton } from "@/components/form/submit-button";
import { useSubmit } from "@/components/form/use-submit";
import { VersionConflict } from "@/components/form/version-conflict";
import { useT } from "@/components/layout/locale";
import { toast } from "@/components/ui/toast";
import { call } from "@/lib/api";
import { remember } from "@/lib/data";
import { queries } from "@/lib/queries";
import { putMyContact, type Contact, type PutContact } from "@/shared";

/** An empty field is saved as "none". */
const typedIn = (form: FormData, version: number): PutContact => ({
  phone: textOf(form, "phone") || null,
  personalEmail: textOf(form, "personalEmail") || null,
  version,
});

export function ContactForm({ contact }: { contact: Contact }) {
  const t = useT();
  const [base, setBase] = useState(contact);
  const [saves, setSaves] = useState(0);
  const [fields, setFields] = useState(contact);
  const { pending, problem, submit, refuse, reset } = useSubmit(
    (body: PutContact, idempotencyKey) => call(putMyContact, { body, idempotencyKey }),
    (saved) => {
      setBase(saved);
      setSaves((count) => count + 1);
      remember(queries.contact(), saved);
      toast(t("profile.saved"));
    },
  );
  const rebase = (newer: Contact, form: FormData) => {
    // The version too: the fields are drawn anew for it.
    setFields({ ...merged(base, typedIn(form, base.version), newer), version: newer.version });
    setBase(newer);
    reset();
  };
  const show = (one: Contact) => ({ [t("profile.phone")]: one.phone ?? "", [t("profile.personalEmail")]: one.personalEmail ?? "" });
  return (
    <Form
      pending={pending}
      problem={problem}
      saved={saves}
      onSubmit={(form) => {
        void checked("putMyContact", typedIn(form, base.version), submit, refuse);
      }}
      conflict={<VersionConflict url={queries.contact()} before={base} show={show} onRebase={rebase} />}
    >
      <TextField
        key={`phone-${String(fields.version)}`}
        label={t("profile.phone")}
        name="phone"
        type="tel"
        autoComplete="tel"
        maxLength={32}
        words={{ "too-short": "invalid.phone", "wrong-form": "invalid.phone" }}
        defaultValue={fields.phone ?? ""}
        hint={t("profile.phoneHint")}
      />
      <TextField
        key={`mail-${String(fields.version)}`}
        label={t("profile.personalEmail")}
        name="personalEmail"
        type="email"
        autoComplete="email"
        maxLength={254}
        words={{ "too-short": "invalid.email", "wrong-form": "invalid.email" }}
        defaultValue={fields.personalEmail ?? ""}
        hint={t("profile.personalEmailHint")}
      />
      <div>
        <SubmitButton pending={pending}>{t("form.save")}</SubmitButton>
      </div>
    </Form>
  );
}
