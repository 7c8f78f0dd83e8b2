import type { Metadata } from "next";
import { StudentHome } from "@/components/home/student-home";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("today.title") };
}

export default function Page() {
  return <StudentHome />;
}
