"use client";
import { useEffect, useId, type ComponentProps, type ReactNode } from "react";
import { useT } from "@/components/layout/locale";
import { Input, Select, Textarea } from "@/components/ui/control";
import { complaint, type Limits, type Words } from "./complaint";
import { useRefusals } from "./form";

interface Shared {
  label: string;
  name: string;
  hint?: ReactNode;
  pointer?: string;
  trailing?: ReactNode;
  /** What a refusal's code means in this very field. */
  words?: Words;
}

interface Wired {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

/** Label, control, hint and error, tied together for every reader. `pointer` is the JSON pointer of the value in the request's body. */
function FieldFrame({
  label,
  name,
  hint,
  pointer = `/${name}`,
  trailing,
  words,
  limits,
  children,
}: Shared & { limits?: Limits; children: (wired: Wired) => ReactNode }) {
  const id = useId();
  const t = useT();
  const { errorFor, claim } = useRefusals();
  useEffect(() => claim(pointer), [claim, pointer]);
  const error = errorFor(pointer);
  const described = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1 min-w-0">
      <div className="flex items-baseline gap-3">
        <label htmlFor={id} className="font-strong">
          {label}
        </label>
        {trailing ? <div className="ml-auto text-meta text-muted">{trailing}</div> : null}
      </div>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined })}
      {error ? (
        <p id={`${id}-error`} className="text-meta text-danger font-strong">
          {complaint(t, error, words, limits)}
        </p>
      ) : null}
      {hint ? (
        <div id={`${id}-hint`} className="text-meta text-muted">
          {hint}
        </div>
      ) : null}
    </div>
  );
}

/** HTML takes numbers as text too. */
const known = (value: number | string | undefined): number | undefined => (value === undefined ? undefined : Number(value));

function limitsOf(rest: { minLength?: number; maxLength?: number; min?: number | string; max?: number | string }): Limits {
  return { minLength: rest.minLength, maxLength: rest.maxLength, min: known(rest.min), max: known(rest.max) };
}

export function TextField({ label, hint, pointer, trailing, words, onChange, ...rest }: Shared & ComponentProps<"input">) {
  const { clear } = useRefusals();
  return (
    <FieldFrame label={label} name={rest.name} hint={hint} pointer={pointer} trailing={trailing} words={words} limits={limitsOf(rest)}>
      {(wired) => (
        <Input
          {...wired}
          {...rest}
          onChange={(event) => {
            clear(pointer ?? `/${rest.name}`);
            onChange?.(event);
          }}
        />
      )}
    </FieldFrame>
  );
}

export function SelectField({ label, hint, pointer, trailing, words, onChange, ...rest }: Shared & ComponentProps<"select">) {
  const { clear } = useRefusals();
  return (
    <FieldFrame label={label} name={rest.name} hint={hint} pointer={pointer} trailing={trailing} words={words}>
      {(wired) => (
        <Select
          {...wired}
          {...rest}
          onChange={(event) => {
            clear(pointer ?? `/${rest.name}`);
            onChange?.(event);
          }}
        />
      )}
    </FieldFrame>
  );
}

export function TextareaField({ label, hint, pointer, trailing, words, onChange, ...rest }: Shared & ComponentProps<"textarea">) {
  const { clear } = useRefusals();
  return (
    <FieldFrame label={label} name={rest.name} hint={hint} pointer={pointer} trailing={trailing} words={words} limits={limitsOf(rest)}>
      {(wired) => (
        <Textarea
          {...wired}
          {...rest}
          onChange={(event) => {
            clear(pointer ?? `/${rest.name}`);
            onChange?.(event);
          }}
        />
      )}
    </FieldFrame>
  );
}
