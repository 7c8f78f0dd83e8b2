"use client";
import { Select } from "@/components/ui/control";

interface FilterProps {
  label: string;
  all: string;
  value: string | undefined;
  options: { value: string; label: string }[] | undefined;
  onPick: (value: string | undefined) => void;
}

export function Filter({ label, all, value, options, onPick }: FilterProps) {
  return (
    <div className="min-w-0 flex-[1_1_8.5rem] sm:flex-[0_1_11rem]">
      <Select
        look="quiet"
        aria-label={label}
        value={value ?? ""}
        onChange={(event) => {
          onPick(event.target.value || undefined);
        }}
      >
        <option value="">{all}</option>
        {value && !options?.some((option) => option.value === value) ? <option value={value}>…</option> : null}
        {options?.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </div>
  );
}
