import type { Metadata } from "next";
import { Courses } from "@/components/courses/courses";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("courses.title") };
}

export default function Page() {
  return <Courses />;
}
