import type { Metadata } from "next";
import { Departments } from "@/components/departments/departments";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("departments.title") };
}

export default function Page() {
  return <Departments />;
}
