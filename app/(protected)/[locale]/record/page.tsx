import type { Metadata } from "next";
import { Record } from "@/components/home/record";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("record.title") };
}

export default function Page() {
  return <Record />;
}
