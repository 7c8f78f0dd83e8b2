"use client";
import { checked } from "@/components/form/checked";
import { TextField } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { textOf } from "@/components/form/form-data";
import { SubmitButton } from "@/components/form/submit-button";
import { useSubmit } from "@/components/form/use-submit";
import { useRoutes, useT } from "@/components/layout/locale";
import { useCountdown } from "@/components/layout/problem-notice";
import { setRole } from "@/components/layout/theme";
import { publicCall } from "@/lib/api";
import { noteExpiry } from "@/lib/renewal";
import { signIn, type SignInRequest } from "@/shared";
import { AuthFrame } from "./frame";
import { PasswordField } from "./password-field";

/** Where the person was headed: only a path of this very site, or their home. */
function destination(home: string): string {
  const next = new URLSearchParams(location.search).get("next");
  if (!next?.startsWith("/") || next.startsWith("//") || next.includes("\\")) return home;
  const url = new URL(next, location.origin);
  return url.origin === location.origin && !url.pathname.endsWith("/sign-in") ? url.pathname + url.search : home;
}

export function SignIn() {
  const t = useT();
  const routes = useRoutes();
  const { pending, problem, submit, refuse } = useSubmit(
    (body: SignInRequest) => publicCall(signIn, { body }),
    (signedIn) => {
      noteExpiry(signedIn.accessExpiresAt);
      setRole(signedIn.role);
      // A whole new document: it arrives with this person's first data inside.
      location.assign(destination(routes.home(signedIn.role)));
    },
  );
  const waiting = useCountdown(problem) > 0;
  const onSubmit = (form: FormData) => {
    const email = textOf(form, "email");
    const password = textOf(form, "password", { raw: true });
    void checked("signIn", { email: email || undefined, password: password || undefined }, submit, refuse);
  };
  return (
    <AuthFrame title={t("signIn.title")}>
      <Form
        unguarded
        pending={pending}
        problem={problem}
        onSubmit={onSubmit}
        retryAt="password"
        explain={({ slug }) => (slug === "wrong-credentials" ? t("signIn.wrong") : undefined)}
      >
        <TextField
          label={t("signIn.email")}
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          inputMode="email"
          maxLength={254}
          words={{ required: "signIn.emailMissing", "too-short": "invalid.email", "wrong-form": "invalid.email" }}
          required
        />
        <PasswordField
          label={t("signIn.password")}
          name="password"
          autoComplete="current-password"
          words={{ required: "signIn.passwordMissing" }}
        />
        <SubmitButton pending={pending} blocked={waiting} className="mt-1 min-h-11 w-full">
          {t("signIn.submit")}
        </SubmitButton>
      </Form>
    </AuthFrame>
  );
}
