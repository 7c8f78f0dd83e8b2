import type { Metadata } from "next";
import { UserPage } from "@/components/users/user-page";
import { translator } from "@/lib/messages";
import { idFrom } from "@/lib/ids";
import { recordParams } from "@/lib/locales";
import type { UserId } from "@/shared";
type Props = { params: Promise<{ locale: string; id: string }> };

export const dynamicParams = false;
export const generateStaticParams = recordParams;
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: translator((await params).locale)("user.title") };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return <UserPage key={id} id={idFrom<UserId>(id)} />;
}
