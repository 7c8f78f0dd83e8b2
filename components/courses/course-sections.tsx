"use client";
import { useT } from "@/components/layout/locale";
import { Empty, LoadProblem } from "@/components/layout/list-states";
import { useFilters } from "@/components/layout/use-filters";
import { useRowKeys } from "@/components/layout/use-row-keys";
import { Select } from "@/components/ui/control";
import { Panel } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Body, Cell, Head, HeadCell, Row, Table } from "@/components/ui/table";
import { SectionItem, SECTION_COLS } from "@/components/sections/section-item";
import { useDataReady, useGet } from "@/lib/data";
import { queries } from "@/lib/queries";
import type { CourseId } from "@/shared";

const NAMES = ["term"] as const;

/** `ready`: the rest of the page is on screen; with the sections it is all there. */
export function CourseSectionsPanel({ id, ready }: { id: CourseId; ready: boolean }) {
  const t = useT();
  const list = useRowKeys<HTMLDivElement>();
  const [filters, setFilters] = useFilters(NAMES);
  const { data, problem, reload } = useGet(queries.courseSections(id, filters.term));
  useDataReady(ready && (data !== undefined || problem !== undefined));
  if (!data) return problem ? <LoadProblem problem={problem} onRetry={reload} /> : <SectionsSkeleton />;
  const { term, terms, items } = data;
  const picker =
    terms.length > 1 ? (
      <Select
        aria-label={t("courses.term")}
        look="small"
        value={filters.term ?? term?.id ?? ""}
        onChange={(event) => {
          setFilters({ term: event.target.value });
        }}
      >
        {terms.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
    ) : (
      term?.name
    );
  return (
    <Panel id="sections" title={t("course.sections", { count: items.length })} aside={picker}>
      {items.length === 0 ? (
        <Empty title={t(terms.length === 0 ? "course.noSections" : "course.noSectionsTerm")}>{t("course.noSectionsHelp")}</Empty>
      ) : (
        <div ref={list}>
          <Table label={t("course.sections", { count: items.length })} cols={SECTION_COLS}>
            <ColumnNames />
            {items.map((section) => (
              <SectionItem key={section.id} section={section} />
            ))}
          </Table>
        </div>
      )}
    </Panel>
  );
}

function ColumnNames() {
  const t = useT();
  return (
    <Head>
      <HeadCell>{t("section.section")}</HeadCell>
      <HeadCell>{t("section.kind")}</HeadCell>
      <HeadCell>{t("section.when")}</HeadCell>
      <HeadCell>{t("section.where")}</HeadCell>
      <HeadCell>{t("section.who")}</HeadCell>
      <HeadCell numeric>{t("section.seats")}</HeadCell>
    </Head>
  );
}

export function SectionsSkeleton() {
  const t = useT();
  return (
    <Panel id="sections" title={t("course.sections", { count: 0 })} aside={<Skeleton ch={12} />}>
      <Table label={t("course.sections", { count: 0 })} cols={SECTION_COLS} busy>
        <ColumnNames />
        {[0, 1, 2].map((row) => (
          <Body key={row} className="section">
            <Row className="section-row">
              <Cell className="section-name">
                <Skeleton ch={8} />
              </Cell>
              <Cell>
                <Skeleton ch={9} />
              </Cell>
              <Cell>
                <Skeleton ch={22} />
              </Cell>
              <Cell>
                <Skeleton ch={12} />
              </Cell>
              <Cell>
                <Skeleton ch={14} />
              </Cell>
              <Cell numeric className="section-seats">
                <Skeleton ch={7} />
              </Cell>
            </Row>
          </Body>
        ))}
      </Table>
    </Panel>
  );
}
