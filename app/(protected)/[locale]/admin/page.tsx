import type { Metadata } from "next";
import { AdminHome } from "@/components/home/admin-home";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("admin.title") };
}

export default function Page() {
  return <AdminHome />;
}
