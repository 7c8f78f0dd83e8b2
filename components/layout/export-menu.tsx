"use client";
import { buttonClass } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Menu, useCloseMenu } from "@/components/ui/menu";
import { accessRunsOut, renewAccess } from "@/lib/renewal";
import type { ExportFormat } from "@/lib/exports";
import type { MessageKey } from "@/lib/messages";
import { useT } from "./locale";

const FORMATS: readonly (readonly [ExportFormat, MessageKey])[] = [
  ["csv", "export.csv"],
  ["xlsx", "export.xlsx"],
];

/** The list as it is narrowed and ordered now, all of its rows, as a file. `of` gives its address. */
export function ExportMenu({ of, size = "md" }: { of: (format: ExportFormat) => string; size?: "md" | "sm" }) {
  const t = useT();
  return (
    <Menu
      label={t("export.title")}
      place="below-end"
      buttonClass={buttonClass({ size })}
      button={
        <>
          <Icon name="download" size={15} />
          {t("export.title")}
        </>
      }
    >
      {FORMATS.map(([format, label]) => (
        <ExportLink key={format} href={of(format)} label={t(label)} />
      ))}
    </Menu>
  );
}

/** A link the browser follows with its cookies. A token about to run out is renewed first: a download cannot be repeated by the page. */
function ExportLink({ href, label }: { href: string; label: string }) {
  const close = useCloseMenu();
  return (
    <a
      role="menuitem"
      tabIndex={-1}
      href={href}
      download
      className="flex items-center text-body text-text min-h-11 sm:min-h-8 px-2.5 rounded-md hover:bg-raised focus-visible:bg-raised"
      onClick={(event) => {
        const link = event.currentTarget;
        if (accessRunsOut()) {
          event.preventDefault();
          void renewAccess().then(
            () => {
              link.click();
            },
            () => undefined,
          );
          return;
        }
        close();
      }}
    >
      {label}
    </a>
  );
}
