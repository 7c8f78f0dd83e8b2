"use client";
import Link from "next/link";
import { Facts } from "@/components/layout/facts";
import { LoadProblem } from "@/components/layout/list-states";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { useMe } from "@/components/layout/use-me";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { useTitle } from "@/components/layout/use-title";
import { MeetingLines, SectionCode, SectionLink } from "@/components/home/my-sections";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { useDataReady, useGet } from "@/lib/data";
import { formatDate, formatInstantDate } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { DepartmentRef, SectionSummary, UserDetail, UserId } from "@/shared";
import { RoleTags, StatusTag } from "./role-tags";

const LINK = "underline decoration-line-strong underline-offset-4 hover:decoration-current";

export function UserPage({ id }: { id: UserId }) {
  const t = useT();
  const { data: user, problem, reload } = useGet(queries.user(id));
  useTitle(user?.name);
  useDataReady(user !== undefined);
  if (!user && problem)
    return (
      <>
        <PageHead title={t(problem.status === 404 ? "user.missing" : "user.title")} />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  return (
    <>
      <PageHead
        title={
          user ? (
            user.name
          ) : (
            <>
              <span className="sr-only">{t("user.title")}</span>
              <Skeleton ch={16} />
            </>
          )
        }
        below={
          user ? (
            <span className="flex flex-wrap items-center gap-2">
              <RoleTags roles={user.roles} />
              <StatusTag status={user.status} />
            </span>
          ) : (
            <Skeleton ch={16} />
          )
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Account user={user} />
        {user ? <Profiles user={user} /> : <ProfileSkeleton />}
      </div>
      {user?.teaching && user.teaching.length > 0 ? <TeachingList sections={user.teaching} /> : null}
    </>
  );
}

function Account({ user }: { user: UserDetail | undefined }) {
  const t = useT();
  const locale = useLocale();
  const { data: me } = useMe();
  const created = user && me ? formatInstantDate(locale, user.createdAt, me.institution.timeZone) : <Skeleton ch={11} />;
  return (
    <Panel id="account" title={t("user.account")}>
      <Facts
        facts={[
          [t("signIn.email"), user ? (user.email ?? t("users.noEmail")) : <Skeleton ch={24} />],
          [t("user.signIn"), user ? t(user.hasPassword ? "user.canSignIn" : "user.cannotSignIn") : <Skeleton ch={20} />],
          [t("user.sortName"), user ? <Typed>{user.sortName}</Typed> : <Skeleton ch={15} />],
          [
            t("user.created"),
            <span key="created" className="num">
              {created}
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

function Profiles({ user }: { user: UserDetail }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  const { student, faculty, admin } = user;
  const department = (one: DepartmentRef) => (
    <Link href={routes.department(one.id)} prefetch={false} className={LINK}>
      <Typed>{one.name}</Typed>
    </Link>
  );
  return (
    <div className="grid grid-cols-1 gap-4">
      {student ? (
        <Panel id="student" title={t("role.student")} aside={t("user.enrollments", { count: user.enrollmentCount })}>
          <Facts
            facts={[
              [
                t("profile.studentNumber"),
                <span key="n" className="num">
                  {student.studentNumber}
                </span>,
              ],
              [t("courses.department"), department(student.department)],
              [t("profile.program"), <Typed key="p">{student.program}</Typed>],
              [t("profile.semester"), student.semester],
              [
                t("profile.admitted"),
                <span key="a" className="num">
                  {formatDate(locale, student.admittedOn)}
                </span>,
              ],
            ]}
          />
        </Panel>
      ) : null}
      {faculty ? (
        <Panel id="faculty" title={t("role.faculty")}>
          <Facts
            facts={[
              [t("courses.department"), department(faculty.department)],
              ...(faculty.title ? [[t("profile.facultyTitle"), faculty.title] as const] : []),
            ]}
          />
        </Panel>
      ) : null}
      {admin ? (
        <Panel id="admin" title={t("role.admin")}>
          <Facts facts={[[t("profile.office"), admin.office]]} />
        </Panel>
      ) : null}
    </div>
  );
}

function ProfileSkeleton() {
  const t = useT();
  return (
    <div className="border border-line rounded-lg bg-surface overflow-clip" aria-busy="true">
      <div className="flex items-center min-h-11 px-4 border-b border-line">
        <Skeleton ch={9} />
      </div>
      <Facts
        facts={[
          [t("profile.studentNumber"), <Skeleton key="n" ch={12} />],
          [t("courses.department"), <Skeleton key="d" ch={22} />],
          [t("profile.program"), <Skeleton key="p" ch={28} />],
          [t("profile.semester"), <Skeleton key="s" ch={1} />],
          [t("profile.admitted"), <Skeleton key="a" ch={11} />],
        ]}
      />
    </div>
  );
}

function TeachingList({ sections }: { sections: readonly SectionSummary[] }) {
  const t = useT();
  const routes = useRoutes();
  const list = useRowKeys<HTMLDivElement>();
  return (
    <Panel id="teaching" title={t("user.teaching")} aside={t("teaching.count", { count: sections.length })} className="mt-4">
      <div ref={list}>
        <Table label={t("user.teaching")} cols="minmax(12rem, 2fr) 4rem minmax(10rem, 1.5fr) minmax(8rem, 1fr) 8rem">
          <Head>
            <HeadCell>{t("section.course")}</HeadCell>
            <HeadCell>{t("section.section")}</HeadCell>
            <HeadCell>{t("section.when")}</HeadCell>
            <HeadCell>{t("section.where")}</HeadCell>
            <HeadCell>{t("courses.term")}</HeadCell>
          </Head>
          <Body>
            {sections.map((section) => (
              <Row key={section.id} className="items-baseline">
                <Cell className="stack:col-span-2">
                  <SectionLink section={section} href={routes.section(section.id)} warm={[queries.section(section.id)]} />
                </Cell>
                <Cell className="stack:order-3 stack:text-meta stack:text-muted">
                  <SectionCode section={section} />
                </Cell>
                <Cell className="num stack:order-1 stack:text-meta stack:text-muted">
                  <MeetingLines meetings={section.meetings} of="when" />
                </Cell>
                <Cell className="num stack:order-2 stack:text-meta stack:text-muted stack:text-end">
                  <MeetingLines meetings={section.meetings} of="where" />
                </Cell>
                <Cell className="text-muted stack:order-4 stack:text-meta stack:text-end">{section.term.name}</Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </Panel>
  );
}
