"use client";
import { useState } from "react";
import { CourseList } from "@/components/courses/course-list";
import { LoadProblem } from "@/components/layout/list-states";
import { useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { useTitle } from "@/components/layout/use-title";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useDataReady, useGet, usePages } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { DepartmentId } from "@/shared";
import { EditDepartment } from "./department-form-lazy";

export function DepartmentPage({ id }: { id: DepartmentId }) {
  const t = useT();
  const { data: department, problem, reload } = useGet(queries.department(id));
  const courses = usePages(queries.departmentCourses(id));
  const [editing, setEditing] = useState(false);
  useTitle(department?.name);
  useDataReady(department !== undefined && courses.items !== undefined);
  if (!department && problem)
    return (
      <>
        <PageHead title={t(problem.status === 404 ? "department.missing" : "department.title")} />
        <LoadProblem problem={problem} onRetry={reload} />
      </>
    );
  return (
    <>
      <PageHead
        above={department ? <span className="code">{department.code}</span> : <Skeleton ch={4} />}
        title={
          department ? (
            department.name
          ) : (
            <>
              <span className="sr-only">{t("department.title")}</span>
              <Skeleton ch={20} />
            </>
          )
        }
        below={
          department ? (
            <span className="num flex flex-wrap gap-x-3">
              <span>{t("courses.count", { count: department.courses })}</span>
              <span>{t("department.faculty", { count: department.faculty })}</span>
              <span>{t("department.students", { count: department.students })}</span>
            </span>
          ) : (
            <Skeleton ch={34} />
          )
        }
        actions={
          department?.can.edit ? (
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
      <CourseList pages={courses} />
      {editing && department ? (
        <EditDepartment
          department={department}
          onClose={() => {
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}
