"use client";
import { useT } from "@/components/layout/locale";
import type { Seats } from "@/shared";

/** Seats left, in words and never by color alone. No capacity means the section takes nobody. */
export function SeatCount({ seats }: { seats: Seats }) {
  const t = useT();
  if (seats.cap === null || seats.left === null) return <span className="text-muted">{t("seats.closed")}</span>;
  if (seats.left === 0) return <span className="text-warn font-strong">{t("seats.full", { cap: seats.cap })}</span>;
  return <span>{t("seats.left", { left: seats.left, cap: seats.cap })}</span>;
}
