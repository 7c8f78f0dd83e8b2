"use client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { checked } from "@/components/form/checked";
import { Form } from "@/components/form/form";
import { textOf } from "@/components/form/form-data";
import { SubmitButton } from "@/components/form/submit-button";
import { useSubmit } from "@/components/form/use-submit";
import { useRoutes, useT } from "@/components/layout/locale";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { publicCall } from "@/lib/api";
import { setPassword, type SetPasswordRequest } from "@/shared";
import { AuthFrame } from "./frame";
import { PasswordField } from "./password-field";

const MIN_LENGTH = 8;

/** The token stands in the fragment, which browsers send to nobody; it is read once and taken out of the address and the history. */
let taken: string | undefined;
function takeToken(): string {
  if (taken === undefined) {
    taken = location.hash.slice(1).replace(/^token=/, "");
    if (taken) history.replaceState(history.state, "", location.pathname);
  }
  return taken;
}
const never = () => () => undefined;

export function SetPassword() {
  const t = useT();
  const routes = useRoutes();
  const token = useSyncExternalStore(never, takeToken, () => undefined);
  const [done, setDone] = useState(false);
  const { pending, problem, submit, refuse } = useSubmit(
    (body: SetPasswordRequest) => publicCall(setPassword, { body }),
    () => {
      setDone(true);
    },
  );
  const onSubmit = (form: FormData) => {
    const password = textOf(form, "password", { raw: true });
    void checked("setPassword", { token, password }, submit, refuse);
  };
  if (done)
    return (
      <AuthFrame title={t("setPassword.done")}>
        <Done href={routes.signIn()} />
      </AuthFrame>
    );
  return (
    <AuthFrame title={t("setPassword.title")}>
      {token === "" ? (
        <Notice tone="warn" title={t("setPassword.noToken")}>
          {t("setPassword.noTokenHelp")}
        </Notice>
      ) : (
        <Form
          pending={pending}
          problem={problem}
          onSubmit={onSubmit}
          explain={({ slug, errors }) =>
            slug === "link-expired" || errors.some(({ pointer }) => pointer === "/token") ? t("setPassword.refused") : undefined
          }
        >
          <PasswordField
            label={t("setPassword.password")}
            name="password"
            autoComplete="new-password"
            minLength={MIN_LENGTH}
            hint={t("setPassword.rule", { min: MIN_LENGTH })}
          />
          <SubmitButton pending={pending} className="mt-1 min-h-11 w-full">
            {t("setPassword.submit")}
          </SubmitButton>
        </Form>
      )}
    </AuthFrame>
  );
}

function Done({ href }: { href: string }) {
  const t = useT();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    link.current?.focus();
  }, []);
  return (
    <>
      <p role="status" className="text-muted">
        {t("setPassword.doneText")}
      </p>
      <a ref={link} href={href} className={buttonClass({ kind: "primary" })}>
        {t("signIn.title")}
      </a>
    </>
  );
}
