"use client";
import Link from "next/link";
import { useState, type ReactNode } from "react";
import { prefetch } from "@/lib/data";
import { LinkPending } from "./link-pending";

interface RecordLinkProps {
  href: string;
  warm?: readonly string[];
  className?: string;
  id?: string;
  labelledBy?: string;
  children: ReactNode;
}

/**
 * A link to one record among many. Prefetching fifty of them would be fifty requests nobody asked for, so the page and the data it starts
 * from (`warm`) are fetched when a pointer or the focus rests on the link.
 */
export function RecordLink({ href, warm = [], className, id, labelledBy, children }: RecordLinkProps) {
  const [meant, setMeant] = useState(false);
  const intend = () => {
    if (meant) return;
    setMeant(true);
    warm.forEach(prefetch);
  };
  return (
    <Link
      href={href}
      prefetch={meant ? null : false}
      onPointerEnter={intend}
      onFocus={intend}
      id={id}
      aria-labelledby={labelledBy}
      className={className}
    >
      {children}
      <LinkPending />
    </Link>
  );
}
