import type { Metadata } from "next";
import { ImportCatalog } from "@/components/imports/import-catalog";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("import.title") };
}

export default function Page() {
  return <ImportCatalog />;
}
