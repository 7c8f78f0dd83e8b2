"use client";
import { useT } from "@/components/layout/locale";
import type { Seats } from "@/shared";

/** How full a section is: the figure, and a bar for the eye alone. */
export function Fill({ seats: { cap, enrolled } }: { seats: Seats }) {
  const t = useT();
  if (cap === null) return <span className="num">{t("seats.enrolled", { enrolled })}</span>;
  return (
    <span className="inline-flex items-center justify-end gap-2.5 num whitespace-nowrap">
      {t("seats.of", { enrolled, cap })}
      <span aria-hidden="true" className="stack:hidden relative h-1 w-16 flex-none rounded-sm bg-raised overflow-clip">
        <span
          className="absolute inset-y-0 left-0 bg-muted"
          style={{ width: `${String(cap === 0 ? 0 : Math.min(100, (enrolled / cap) * 100))}%` }}
        />
      </span>
    </span>
  );
}
