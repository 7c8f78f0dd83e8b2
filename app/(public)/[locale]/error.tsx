"use client";
import { Crash, type CrashProps } from "@/components/layout/crash";

/** Before a session there is no frame around the page: the message stands alone. */
export default function PublicError(props: CrashProps) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center p-6">
      <Crash {...props} />
    </main>
  );
}
