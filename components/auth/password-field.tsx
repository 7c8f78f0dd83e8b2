"use client";
import { useState, type KeyboardEvent } from "react";
import type { Words } from "@/components/form/complaint";
import { TextField } from "@/components/form/field";
import { useT } from "@/components/layout/locale";

interface PasswordFieldProps {
  label: string;
  name: string;
  autoComplete: "current-password" | "new-password";
  hint?: string;
  minLength?: number;
  words?: Words;
}

/** A password that can be shown, and a word when Caps Lock is the likely reason it is refused. */
export function PasswordField({ label, name, autoComplete, hint, minLength, words }: PasswordFieldProps) {
  const t = useT();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const watchCaps = (event: KeyboardEvent) => {
    setCaps(event.getModifierState("CapsLock"));
  };
  return (
    <TextField
      label={label}
      name={name}
      type={shown ? "text" : "password"}
      autoComplete={autoComplete}
      autoCapitalize="none"
      spellCheck={false}
      minLength={minLength}
      maxLength={128}
      words={words}
      required
      onKeyDown={watchCaps}
      onKeyUp={watchCaps}
      onBlur={() => {
        setCaps(false);
      }}
      hint={<span role="status">{caps ? <span className="text-warn font-strong">{t("password.capsLock")}</span> : hint}</span>}
      trailing={
        <button
          type="button"
          aria-pressed={shown}
          className="min-h-6 text-accent underline-offset-4 hover:underline"
          onClick={() => {
            setShown(!shown);
          }}
        >
          {t(shown ? "password.hide" : "password.show")}
        </button>
      }
    />
  );
}
