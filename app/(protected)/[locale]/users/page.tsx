import type { Metadata } from "next";
import { Users } from "@/components/users/users";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("users.title") };
}

export default function Page() {
  return <Users />;
}
