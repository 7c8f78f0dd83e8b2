"use client";
import type { RefObject } from "react";
import { useLocale, useRoutes, useT } from "@/components/layout/locale";
import { ListFrame } from "@/components/layout/list-frame";
import { RecordLink } from "@/components/layout/record-link";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, HeadCell, Row } from "@/components/ui/table";
import { Typed } from "@/components/ui/typed";
import { NO_PAGES, type Pages } from "@/lib/data";
import { formatCredits } from "@/lib/format";
import { queries } from "@/lib/queries";
import type { CourseSummary } from "@/shared";

const COLS = "7rem minmax(0, 3fr) minmax(0, 2fr) 5rem";
const SKELETON_TITLES = [18, 26, 14, 31, 22, 17, 28, 20, 24, 15, 27, 19, 23, 16, 29, 21, 25, 18];

interface CourseListProps {
  pages?: Pages<CourseSummary>;
  onClear?: (() => void) | undefined;
  search?: RefObject<HTMLInputElement | null> | undefined;
}

/** Without `pages` it is its own skeleton. */
export function CourseList({ pages = NO_PAGES, onClear, search }: CourseListProps) {
  const t = useT();
  return (
    <ListFrame
      label={t("courses.title")}
      cols={COLS}
      pages={pages}
      search={search}
      onClear={onClear}
      noneFound={t("courses.noneFound")}
      empty={{ title: t("courses.none"), help: t("courses.noneHelp") }}
      count={(count, more) => t(more ? "courses.countMore" : "courses.count", { count })}
      head={
        <Head>
          <HeadCell>{t("courses.code")}</HeadCell>
          <HeadCell>{t("courses.name")}</HeadCell>
          <HeadCell>{t("courses.department")}</HeadCell>
          <HeadCell numeric>{t("courses.credits")}</HeadCell>
        </Head>
      }
      row={(course) => <CourseLine key={course.id} course={course} />}
      skeleton={SKELETON_TITLES.map((ch, index) => (
        <Row key={index}>
          <Cell className="code stack:order-2 stack:text-meta">
            <Skeleton ch={6} />
          </Cell>
          <Cell className="stack:order-1 stack:col-span-2">
            <Skeleton ch={ch} />
          </Cell>
          <Cell className="stack:order-4 stack:col-span-2 stack:text-meta">
            <Skeleton ch={16} />
          </Cell>
          <Cell numeric className="stack:order-3 stack:text-meta">
            <Skeleton ch={2} />
          </Cell>
        </Row>
      ))}
    />
  );
}

function CourseLine({ course }: { course: CourseSummary }) {
  const t = useT();
  const locale = useLocale();
  const routes = useRoutes();
  return (
    <Row>
      <Cell className="code text-muted whitespace-nowrap stack:order-2 stack:text-meta">{course.code}</Cell>
      <Cell className="stack:order-1 stack:col-span-2">
        <RecordLink
          href={routes.course(course.id)}
          warm={[queries.course(course.id), queries.courseSections(course.id)]}
          className="row-link flat:block flat:truncate"
        >
          <Typed>{course.title}</Typed>
        </RecordLink>
      </Cell>
      <Cell className="text-muted flat:truncate stack:order-4 stack:col-span-2 stack:text-meta">
        <Typed>{course.department.name}</Typed>
      </Cell>
      <Cell numeric className="stack:order-3 stack:text-meta stack:text-muted">
        {formatCredits(t, course.credits, locale)}
        <span className="flat:hidden"> {t("credits.unit")}</span>
      </Cell>
    </Row>
  );
}
