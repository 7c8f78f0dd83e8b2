import type { Metadata } from "next";
import { Profile } from "@/components/profile/profile";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("profile.title") };
}

export default function Page() {
  return <Profile />;
}
