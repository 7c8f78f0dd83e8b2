"use client";
import Link from "next/link";
import { useState, type ReactNode } from "react";
import { prefetch } from "@/lib/data";

interface RecordLinkProps {
  href: string;
  warm?: readonly string[];
  className?: string;
  children: ReactNode;
}

/**
 * A link to one record among many. Prefetching fifty of them would be fifty requests nobody asked for, so the page and the data it starts
 * from (`warm`) are fetched when a pointer or the focus rests on the link.
 */
export function RecordLink({ href, warm = [], className, children }: RecordLinkProps) {
  const [meant, setMeant] = useState(false);
  const intend = () => {
    if (meant) return;
    setMeant(true);
    warm.forEach(prefetch);
  };
  return (
    <Link href={href} prefetch={meant ? null : false} onPointerEnter={intend} onFocus={intend} className={className}>
      {children}
    </Link>
  );
}
