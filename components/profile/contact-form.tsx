"use client";
import { useRef, useState } from "react";
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
import type { Contact } from "@/lib/api-types";

/** An empty field is saved as "none". */
export function ContactForm({ contact }: { contact: Contact }) {
  const t = useT();
  const [base, setBase] = useState(contact);
  const [fields, setFields] = useState(contact);
  const typed = useRef(contact);
  const { pending, problem, submit, reset } = useSubmit(
    (body: Contact, idempotencyKey) => call<Contact>("PUT", queries.contact(), { body, idempotencyKey }),
    (saved) => {
      setBase(saved);
      remember(queries.contact(), saved);
      toast(t("profile.saved"));
    },
  );
  const rebase = (newer: Contact) => {
    setFields(merged(base, typed.current, newer));
    setBase(newer);
    reset();
  };
  const conflict = problem?.slug === "version-conflict";
  const show = (one: Contact) => ({ [t("profile.phone")]: one.phone ?? "", [t("profile.personalEmail")]: one.personalEmail ?? "" });
  return (
    <Form
      pending={pending}
      problem={conflict ? undefined : problem}
      onSubmit={(form) => {
        typed.current = {
          phone: textOf(form, "phone") || null,
          personalEmail: textOf(form, "personalEmail") || null,
          version: base.version,
        };
        submit(typed.current);
      }}
    >
      {conflict ? <VersionConflict url={queries.contact()} before={base} show={show} onRebase={rebase} /> : null}
      <TextField
        key={`phone-${String(fields.version)}`}
        label={t("profile.phone")}
        name="phone"
        type="tel"
        autoComplete="tel"
        maxLength={40}
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
        defaultValue={fields.personalEmail ?? ""}
        hint={t("profile.personalEmailHint")}
      />
      <div>
        <SubmitButton pending={pending}>{t("form.save")}</SubmitButton>
      </div>
    </Form>
  );
}
