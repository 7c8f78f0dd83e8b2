"use client";
import type { ReactNode } from "react";
import { Mark } from "@/components/ui/icon";
import { Skeleton } from "@/components/ui/skeleton";
import { useDataReady, useGet } from "@/lib/data";
import { queries } from "@/lib/queries";

/** The pages before the session: whose house this is, one heading, one form. */
export function AuthFrame({ title, children }: { title: string; children: ReactNode }) {
  const { data: institution, problem } = useGet(queries.institution());
  useDataReady(institution !== undefined);
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[25rem] content-start sm:content-center gap-6 px-5 py-8">
      <div className="flex items-center gap-3 min-h-7">
        <Mark size={26} />
        <p className="font-strong text-lead">{institution ? institution.name : problem ? "" : <Skeleton ch={22} />}</p>
      </div>
      <div className="grid gap-5">
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </div>
    </main>
  );
}
