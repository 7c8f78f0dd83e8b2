"use client";
import Link from "next/link";
import { Facts } from "@/components/layout/facts";
import { LoadProblem } from "@/components/layout/list-states";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { useMe } from "@/components/layout/use-me";
import { RoleTags } from "@/components/users/role-tags";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { useDataReady, useGet } from "@/lib/data";
import { formatDate } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { Me } from "@/shared";
import { ContactForm } from "./contact-form";
import { Looks } from "./looks";

export function Profile() {
  const t = useT();
  const { data: me, problem, reload } = useMe();
  const contact = useGet(queries.contact());
  useDataReady(me !== undefined && contact.data !== undefined);
  return (
    <>
      <PageHead title={t("profile.title")} />
      {problem && !me ? <LoadProblem problem={problem} onRetry={reload} /> : null}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel id="identity" title={t("profile.identity")} aside={t("profile.kept")}>
          {me ? <Identity me={me} /> : <IdentitySkeleton />}
        </Panel>
        <div className="grid grid-cols-1 gap-4">
          <Panel id="contact" title={t("profile.contact")} aside={t("profile.yours")}>
            <div className="p-4">
              {contact.data ? (
                <ContactForm contact={contact.data} />
              ) : contact.problem ? (
                <LoadProblem problem={contact.problem} onRetry={contact.reload} />
              ) : (
                <ContactSkeleton />
              )}
            </div>
          </Panel>
          <Panel id="looks" title={t("theme.title")} aside={t("profile.thisDevice")}>
            <div className="p-4">
              <Looks />
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

function Identity({ me }: { me: Me }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { student, faculty, admin } = me;
  const department = student?.department ?? faculty?.department;
  return (
    <Facts
      facts={[
        [t("users.name"), me.name],
        [t("signIn.email"), me.email],
        [t("users.role"), <RoleTags key="roles" roles={me.roles} />],
        ...(student
          ? [
              [
                t("profile.studentNumber"),
                <span key="number" className="num">
                  {student.studentNumber}
                </span>,
              ] as const,
            ]
          : []),
        ...(department
          ? [
              [
                t("courses.department"),
                <Link
                  key="department"
                  href={routes.department(department.id)}
                  prefetch={false}
                  className="underline decoration-line-strong underline-offset-4 hover:decoration-current"
                >
                  {department.name}
                </Link>,
              ] as const,
            ]
          : []),
        ...(student
          ? [
              [t("profile.program"), student.program] as const,
              [t("profile.semester"), student.semester] as const,
              [
                t("profile.admitted"),
                <span key="admitted" className="num">
                  {formatDate(locale, student.admittedOn)}
                </span>,
              ] as const,
            ]
          : []),
        ...(faculty?.title ? [[t("profile.facultyTitle"), faculty.title] as const] : []),
        ...(admin ? [[t("profile.office"), admin.office] as const] : []),
        [t("profile.institution"), me.institution.name],
      ]}
    />
  );
}

function IdentitySkeleton() {
  const t = useT();
  return (
    <Facts
      facts={[
        [t("users.name"), <Skeleton key="n" ch={14} />],
        [t("signIn.email"), <Skeleton key="e" ch={22} />],
        [t("users.role"), <Skeleton key="r" ch={8} />],
        [t("courses.department"), <Skeleton key="d" ch={18} />],
        [t("profile.institution"), <Skeleton key="i" ch={26} />],
      ]}
    />
  );
}

function ContactSkeleton() {
  return (
    <div className="grid grid-cols-1 gap-4" aria-busy="true">
      {[0, 1].map((row) => (
        <div key={row} className="grid gap-1">
          <Skeleton ch={12} />
          <div className="skeleton min-h-11 fine:min-h-[2.125rem]" />
          <span className="text-meta">
            <Skeleton ch={24} />
          </span>
        </div>
      ))}
    </div>
  );
}
