"use client";
import { useT } from "@/components/layout/locale";
import { Button } from "@/components/ui/button";

export function FormActions({ pending, label, onCancel }: { pending: boolean; label: string; onCancel: () => void }) {
  const t = useT();
  return (
    <div className="flex justify-end gap-2">
      <Button onClick={onCancel}>{t("form.cancel")}</Button>
      <Button type="submit" kind="primary" pending={pending}>
        {label}
      </Button>
    </div>
  );
}
