import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./icon";

const KINDS = {
  primary: "bg-accent text-accent-ink border-transparent font-strong hover:brightness-110",
  plain: "bg-transparent text-text border-line-strong font-strong hover:bg-raised",
  ghost: "bg-transparent text-muted border-transparent hover:text-text hover:bg-raised",
  danger: "bg-transparent text-danger border-line-strong font-strong hover:bg-danger-wash",
} as const;

const SIZES = {
  md: "min-h-11 fine:min-h-[2.125rem] px-3.5 text-body",
  sm: "min-h-11 fine:min-h-7 px-2.5 text-meta",
} as const;

export interface ButtonLook {
  kind?: keyof typeof KINDS;
  size?: keyof typeof SIZES;
  icon?: IconName;
}

export const buttonClass = ({ kind = "plain", size = "md" }: ButtonLook): string =>
  cx(
    "inline-flex items-center justify-center gap-2 border rounded-md whitespace-nowrap select-none transition-[background-color,filter] duration-100 disabled:opacity-55 disabled:pointer-events-none aria-disabled:opacity-55",
    KINDS[kind],
    SIZES[size],
  );

type ButtonProps = ButtonLook & { pending?: boolean; blocked?: boolean } & ComponentProps<"button">;

/** A pending or blocked button keeps its place, its name and the focus, and refuses the press: `disabled` would lose the focus. */
export function Button({
  kind,
  size,
  icon,
  pending = false,
  blocked = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      aria-disabled={pending || blocked || undefined}
      className={cx(buttonClass({ kind, size }), pending ? "cursor-progress" : blocked && "cursor-not-allowed", className)}
      onClick={(event) => {
        if (pending || blocked) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {pending ? <Spinner /> : icon ? <Icon name={icon} size={15} /> : null}
      {children}
    </button>
  );
}

export function IconButton({ name, label, className, ...rest }: { name: IconName; label: string } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx("inline-grid place-items-center size-11 fine:size-8 rounded-md text-muted hover:text-text hover:bg-raised", className)}
      {...rest}
    >
      <Icon name={name} size={18} />
    </button>
  );
}

export function Spinner() {
  return <span aria-hidden="true" className="size-3.5 rounded-full border-2 border-current border-r-transparent animate-spin" />;
}
