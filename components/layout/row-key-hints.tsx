"use client";
import { Kbd } from "@/components/ui/kbd";
import { useT } from "./locale";

export function RowKeyHints({ search = true }: { search?: boolean }) {
  const t = useT();
  return (
    <>
      <span className="single-key in-data-[keys=off]:hidden flex items-center gap-1">
        <Kbd>J</Kbd>
        <Kbd>K</Kbd>
        {t("keys.move")}
      </span>
      <span className="flex items-center gap-1">
        <Kbd>{t("keys.enter")}</Kbd>
        {t("keys.open")}
      </span>
      {search ? (
        <span className="single-key in-data-[keys=off]:hidden flex items-center gap-1">
          <Kbd>/</Kbd>
          {t("keys.search")}
        </span>
      ) : null}
    </>
  );
}
