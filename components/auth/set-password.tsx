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

const KEPT = "pec.password-link";

/** This tab alone, and only until the link has been used: a page loaded again still has it. */
function tabStorage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

let token = "";

/** The token stands in the fragment, which browsers send to nobody; it is taken out of the address and the history at once. */
function takeToken(): string {
  const fragment = location.hash.slice(1).replace(/^token=/, "");
  if (fragment) {
    token = fragment;
    tabStorage()?.setItem(KEPT, fragment);
    history.replaceState(history.state, "", location.pathname);
  }
  return token || (token = tabStorage()?.getItem(KEPT) ?? "");
}

function forgetToken(): void {
  token = "";
  tabStorage()?.removeItem(KEPT);
}

/** Another link may be opened in the same tab: only the fragment changes then, and no page is loaded. */
function watchToken(notify: () => void): () => void {
  window.addEventListener("hashchange", notify);
  return () => {
    window.removeEventListener("hashchange", notify);
  };
}

export function SetPassword() {
  const t = useT();
  const routes = useRoutes();
  const secret = useSyncExternalStore(watchToken, takeToken, () => undefined);
  const [used, setUsed] = useState<string>();
  if (used !== undefined && (!secret || secret === used))
    return (
      <AuthFrame title={t("setPassword.done")}>
        <Done href={routes.signIn()} />
      </AuthFrame>
    );
  return (
    <AuthFrame title={t("setPassword.title")}>
      {secret === "" ? (
        <Notice tone="warn" title={t("setPassword.noToken")}>
          {t("setPassword.noTokenHelp")}
        </Notice>
      ) : (
        <Choice
          key={secret}
          secret={secret}
          onUsed={() => {
            setUsed(secret ?? "");
            forgetToken();
          }}
        />
      )}
    </AuthFrame>
  );
}

function Choice({ secret, onUsed }: { secret: string | undefined; onUsed: () => void }) {
  const t = useT();
  const { pending, problem, submit, refuse } = useSubmit((body: SetPasswordRequest) => publicCall(setPassword, { body }), onUsed);
  return (
    <Form
      unguarded
      pending={pending}
      problem={problem}
      onSubmit={(form) => {
        void checked("setPassword", { token: secret, password: textOf(form, "password", { raw: true }) }, submit, refuse);
      }}
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
