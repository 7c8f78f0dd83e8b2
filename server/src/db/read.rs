use std::future::Future;

use sqlx::PgConnection;

use super::{Actor, DbError, Module, TenantDb, Verdict};

/// A read of one thing: how it is loaded and who may see it. Lists take the actor's scope into their SQL instead.
pub trait View: 'static {
    /// Stable name, `user.view`: what a refusal is counted under.
    const NAME: &'static str;
    const MODULE: Module;
    type Key: Sync + ?Sized;
    type Output: Send;

    fn load(
        connection: &mut PgConnection,
        key: &Self::Key,
    ) -> impl Future<Output = Result<Option<Self::Output>, sqlx::Error>> + Send;

    fn allows(actor: &Actor, output: &Self::Output) -> Verdict;
}

impl TenantDb {
    /// What does not exist and what is invisible to the actor answer alike.
    pub async fn read<V: View>(&self, actor: &Actor, key: &V::Key) -> Result<V::Output, DbError> {
        let mut reader = self.reader(V::MODULE).await?;
        let output = V::load(&mut reader, key).await?;
        reader.done();
        let output = output.ok_or(DbError::NotFound)?;
        self.allow(V::allows(actor, &output), actor, V::NAME)?;
        Ok(output)
    }
}
