"use client";
import { useEffect, useState, type RefObject } from "react";
import { controlClass } from "@/components/ui/control";
import { cx } from "@/components/ui/cx";
import { Icon } from "@/components/ui/icon";

interface SearchBoxProps {
  label: string;
  value: string;
  onSearch: (q: string) => void;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
}

const SETTLE_MS = 150;

/** Searches once typing rests. A value that changes from outside (Back, "clear") replaces what stands here. */
export function SearchBox({ label, value, onSearch, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    if (text.trim() !== value) setText(value);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === value) return;
    const timer = setTimeout(() => {
      onSearch(wanted);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, value, onSearch]);
  return (
    <div role="search" className="relative min-w-0 flex-[1_1_16rem]">
      <Icon name="search" className="pointer-events-none absolute left-2.5 top-1/2 -translate-y-1/2 text-muted" />
      <input
        ref={inputRef}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onSearch(text.trim());
        }}
        className={cx(controlClass({ look: "quiet" }), "pl-8 pr-2.5")}
      />
    </div>
  );
}
