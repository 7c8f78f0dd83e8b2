"use client";
import { useT } from "@/components/layout/locale";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "./submit-button";

export function FormActions({ pending, label, onCancel }: { pending: boolean; label: string; onCancel: () => void }) {
  const t = useT();
  return (
    <div className="flex justify-end gap-2">
      <Button onClick={onCancel}>{t("form.cancel")}</Button>
      <SubmitButton pending={pending}>{label}</SubmitButton>
    </div>
  );
}
