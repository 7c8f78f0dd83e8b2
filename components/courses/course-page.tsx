"use client";
import Link from "next/link";
import { Suspense, useState } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { LoadProblem } from "@/components/layout/list-states";
import { PageHead } from "@/components/layout/page-head";
import { useTitle } from "@/components/layout/use-title";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useGet } from "@/lib/data";
import { Typed } from "@/components/ui/typed";
import { formatCredits } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { CourseDetail, CourseId } from "@/shared";
import { EditCourse } from "./course-form-lazy";
import { CourseSectionsPanel, SectionsSkeleton } from "./course-sections";

export function CoursePage({ id }: { id: CourseId }) {
  const t = useT();
  const { data: course, problem, reload } = useGet(queries.course(id));
  const [editing, setEditing] = useState(false);
  useTitle(course ? `${course.code} ${course.title}` : undefined);
  if (!course && problem)
    return (
      <>
        <PageHead title={t(problem.status === 404 ? "course.missing" : "course.title")} />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  return (
    <>
      <PageHead
        above={course ? <span className="code">{course.code}</span> : <Skeleton ch={7} />}
        title={
          course ? (
            course.title
          ) : (
            <>
              <span className="sr-only">{t("course.title")}</span>
              <Skeleton ch={22} />
            </>
          )
        }
        below={course ? <Facts course={course} /> : <Skeleton ch={30} />}
        actions={
          course?.can.edit ? (
            <Button
              icon="edit"
              onClick={() => {
                setEditing(true);
              }}
            >
              {t("form.edit")}
            </Button>
          ) : null
        }
      />
      <div className="max-w-[44rem] min-h-[3.75rem] mb-6">
        {course ? (
          <>
            {course.description ? <p className="whitespace-pre-line text-pretty wrap-anywhere">{course.description}</p> : null}
            {course.attributes ? <p className="mt-2 text-muted">{course.attributes}</p> : null}
          </>
        ) : (
          <p>
            <Skeleton ch={90} />
            <br />
            <Skeleton ch={84} />
            <br />
            <Skeleton ch={40} />
          </p>
        )}
      </div>
      <Suspense fallback={<SectionsSkeleton />}>
        <CourseSectionsPanel id={id} ready={course !== undefined} />
      </Suspense>
      {editing && course ? (
        <EditCourse
          course={course}
          onClose={() => {
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}

function Facts({ course }: { course: CourseDetail }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-0.5">
      <Link
        href={routes.department(course.department.id)}
        prefetch={false}
        className="underline decoration-line-strong underline-offset-4 hover:text-text"
      >
        <Typed>{course.department.name}</Typed>
      </Link>
      <span className="num">{t("credits.of", { credits: formatCredits(t, course.credits, locale), count: course.credits.max })}</span>
    </span>
  );
}
