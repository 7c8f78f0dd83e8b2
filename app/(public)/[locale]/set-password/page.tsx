import type { Metadata } from "next";
import { SetPassword } from "@/components/auth/set-password";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("setPassword.title") };
}

export default function SetPasswordPage() {
  return <SetPassword />;
}
