"use client";
import { useLinkStatus } from "next/link";

/** A line under a link that was followed and whose page is not there within a moment: the press was seen. Costs no room. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return pending ? <span aria-hidden="true" className="link-pending" /> : null;
}
