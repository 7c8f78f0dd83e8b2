import type { Metadata } from "next";
import { SignIn } from "@/components/auth/sign-in";
import { translator } from "@/lib/messages";

type Props = { params: Promise<{ locale: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("signIn.title") };
}

export default function SignInPage() {
  return <SignIn />;
}
