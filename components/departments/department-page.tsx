"use client";
import { Suspense, useState } from "react";
import { courseColumns, CourseList } from "@/components/courses/course-list";
import { ExportMenu } from "@/components/layout/export-menu";
import { LoadProblem } from "@/components/layout/list-states";
import { useT } from "@/components/layout/locale";
import { PageHead } from "@/components/layout/page-head";
import { knownSort, SortPicker, type Sorting } from "@/components/layout/sort";
import { useFilters } from "@/components/layout/use-filters";
import { useTitle } from "@/components/layout/use-title";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useDataReady, useGet, usePages } from "@/lib/data";
import { exports } from "@/lib/exports";
import { queries } from "@/lib/queries";
import type { DepartmentId } from "@/shared";
import { EditDepartment } from "./department-form-lazy";

const NAMES = ["sort"] as const;

export function DepartmentPage({ id }: { id: DepartmentId }) {
  const t = useT();
  const { data: department, problem, reload } = useGet(queries.department(id));
  const [editing, setEditing] = useState(false);
  useTitle(department?.name);

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
      <Suspense fallback={<CourseList />}>
        <DepartmentCourses id={id} ready={department !== undefined} />
      </Suspense>
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

function DepartmentCourses({ id, ready }: { id: DepartmentId; ready: boolean }) {
  const t = useT();
  const [filters, setFilters] = useFilters(NAMES);
  const columns = courseColumns(t);
  const sort = knownSort(columns, filters.sort);
  const courses = usePages(queries.departmentCourses(id, sort));
  useDataReady(ready && courses.items !== undefined);
  const sorting: Sorting = {
    sort,
    initial: "code",
    onSort: (next) => {
      setFilters({ sort: next });
    },
  };
  return (
    <>
      <div className="mb-3 flex flex-wrap justify-end gap-2">
        <SortPicker columns={columns} sorting={sorting} />
        <ExportMenu of={(format) => exports.courses({ department: id, sort }, format)} />
      </div>
      <CourseList pages={courses} sorting={sorting} />
    </>
  );
}
