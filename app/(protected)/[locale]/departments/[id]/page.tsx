import type { Metadata } from "next";
import { DepartmentPage } from "@/components/departments/department-page";
import { translator } from "@/lib/messages";
import { idFrom } from "@/lib/ids";
import { recordParams } from "@/lib/locales";
import type { DepartmentId } from "@/shared";
type Props = { params: Promise<{ locale: string; id: string }> };

export const dynamicParams = false;
export const generateStaticParams = recordParams;
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("department.title") };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return <DepartmentPage key={id} id={idFrom<DepartmentId>(id)} />;
}
