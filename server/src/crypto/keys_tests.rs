#![allow(clippy::unwrap_used)]

use super::*;

fn store(dir: &Path) -> Arc<KeyStore> {
    let root = RootKey::open(&dir.join("root.key"), true).unwrap();
    Arc::new(KeyStore::new(dir.join("keys"), &root))
}

#[test]
fn every_flipped_bit_of_a_key_file_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let (store, tenant, subject) = (store(dir.path()), Uuid::now_v7(), Uuid::now_v7());
    let keys = store.create_tenant(tenant).unwrap();
    keys.subject(subject).unwrap();
    for path in [store.tenant_path(tenant), store.subject_path(tenant, subject)] {
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &flipped).unwrap();
            // Opened anew, so that no key comes from memory.
            let opened = store.open_tenant(tenant).and_then(|keys| keys.subject(subject).map(|_| ()));
            assert!(matches!(opened, Err(KeyError::Unreadable(_))), "bit {bit} of {}", path.display());
        }
        for short in [0, 11, whole.len() - 1] {
            fs::write(&path, &whole[..short]).unwrap();
            let opened = store.open_tenant(tenant).and_then(|keys| keys.subject(subject).map(|_| ()));
            assert!(matches!(opened, Err(KeyError::Unreadable(_))), "{short} bytes of {}", path.display());
        }
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(**store.open_tenant(tenant).unwrap().subject(subject).unwrap(), **keys.subject(subject).unwrap());
}

#[test]
fn a_key_file_in_anothers_place_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let (one, other, person, neighbor) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let (keys, theirs) = (store.create_tenant(one).unwrap(), store.create_tenant(other).unwrap());
    for (keys, subject) in [(&keys, person), (&keys, neighbor), (&theirs, person)] {
        keys.subject(subject).unwrap();
    }
    // Another person's of the same institution, and the same person's of another institution.
    for from in [store.subject_path(one, neighbor), store.subject_path(other, person)] {
        fs::copy(from, store.subject_path(one, person)).unwrap();
        let opened = store.open_tenant(one).unwrap().subject(person);
        assert!(matches!(opened, Err(KeyError::Unreadable(_))));
    }
    fs::copy(store.tenant_path(other), store.tenant_path(one)).unwrap();
    assert!(matches!(store.open_tenant(one), Err(KeyError::Unreadable(_))));
}

#[test]
fn another_root_key_opens_nothing() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tenant = Uuid::now_v7();
    store(dir.path()).create_tenant(tenant).unwrap();
    let root = RootKey::open(&elsewhere.path().join("root.key"), true).unwrap();
    let foreign = Arc::new(KeyStore::new(dir.path().join("keys"), &root));
    assert!(matches!(foreign.open_tenant(tenant), Err(KeyError::Unreadable(_))));
}

#[test]
fn a_key_is_never_replaced_and_a_destroyed_one_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let (store, tenant) = (store(dir.path()), Uuid::now_v7());
    let key = |keys: &TenantKeys| *keys.purpose("test", 1);
    let first = store.ensure_tenant(tenant).unwrap();
    assert_eq!(key(&store.ensure_tenant(tenant).unwrap()), key(&first));
    assert!(matches!(store.create_tenant(tenant), Err(KeyError::Io(_, e)) if e.kind() == io::ErrorKind::AlreadyExists));
    assert_eq!(key(&store.open_tenant(tenant).unwrap()), key(&first));
    assert_eq!(store.tenants().unwrap(), [tenant.to_string()]);
    fs::remove_file(store.tenant_path(tenant)).unwrap();
    assert!(matches!(store.open_tenant(tenant), Err(KeyError::Absent(id)) if id == tenant));
}

#[test]
fn whoever_makes_a_persons_key_at_the_same_time_gets_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (store, tenant, subject) = (store(dir.path()), Uuid::now_v7(), Uuid::now_v7());
    store.create_tenant(tenant).unwrap();
    let made: Vec<Secret> = std::thread::scope(|scope| {
        let one = || (*store.open_tenant(tenant).unwrap().subject(subject).unwrap()).clone();
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(made.iter().all(|key| **key == *made[0]));
}
