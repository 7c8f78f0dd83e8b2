"use client";
import { useRef, useState } from "react";
import { buttonClass } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Menu, MenuItem, useCloseMenu } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { asProblem, readFile } from "@/lib/api";
import { saveFile } from "@/lib/csv";
import type { ExportFormat } from "@/lib/exports";
import type { MessageKey } from "@/lib/messages";
import { useT } from "./locale";
import { problemWords } from "./problem-notice";

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
        <ExportItem key={format} href={of(format)} label={t(label)} />
      ))}
    </Menu>
  );
}

/** Stays, busy, until the file is here. A refusal is said when the menu has closed: nobody looks into a menu to see what became of it. */
function ExportItem({ href, label }: { href: string; label: string }) {
  const t = useT();
  const close = useCloseMenu();
  const [pending, setPending] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const fetchFile = async () => {
    setPending(true);
    try {
      const { name, content } = await readFile(href);
      saveFile(name, content);
    } catch (error) {
      const problem = asProblem(error);
      const words = problemWords(t, problem);
      toast(problem.requestId ? t("problem.withId", { words, id: problem.requestId }) : words);
    }
    // Somebody who left the menu meanwhile keeps the focus where it is now.
    if (box.current) close();
  };
  return (
    <div ref={box} role="presentation">
      <MenuItem pending={pending} onSelect={() => void fetchFile()}>
        {label}
      </MenuItem>
    </div>
  );
}
